"""The numbers of items: on their cards and pages, and digests by which others that are noted of them are found."""
