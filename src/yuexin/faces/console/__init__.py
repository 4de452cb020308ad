"""`yuexin` commands for operators."""
