"""Who watches a firm: followers by e-mail, and owners by a calendar they subscribe to."""
