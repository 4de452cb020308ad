"""What entities file and promise themselves, and the share of it that is checked at random."""
