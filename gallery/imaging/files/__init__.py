"""What is read of a file before it is decoded: which picture it holds, and what that will ask of its reader."""
