"""What files of Office are made of: packages, sheets, runs of text, number formats."""
