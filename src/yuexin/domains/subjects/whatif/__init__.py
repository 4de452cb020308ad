"""What if: who would enter and leave which outcome if a number of the law were another."""
