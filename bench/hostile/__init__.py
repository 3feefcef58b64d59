"""Files made to harm whoever decodes them, by code: the bench measures them at full size, the suite at a small one."""
