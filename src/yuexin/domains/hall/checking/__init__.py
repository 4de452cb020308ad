"""What a body has to check, and by when: what was promised to it, who was drawn, and who stands in
a list that it keeps. Nothing is written down for it: what is due follows from the records, the
draws, the verdicts and the cases. `queries` and `operations` are the doors."""
