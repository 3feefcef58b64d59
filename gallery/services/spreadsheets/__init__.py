"""Tables of objects for spreadsheets: written for officers, and read into a case."""
