"""Files as earlier versions of the program wrote them, and what made them (make.py)."""
