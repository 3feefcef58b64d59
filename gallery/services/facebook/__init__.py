"""Facebook: publishing on a unit’s page, and reading the archives of one."""
