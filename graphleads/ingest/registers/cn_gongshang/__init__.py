"""What Chinese registers and their resellers write."""
