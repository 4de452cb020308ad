"""What is declared: one reader for the law and the catalogue, dated, with legal basis."""
