"""What monitors and proxies ask of the processes, and what is noted of each request on its way."""
