"""Other systems and their formats: spreadsheets, change feeds, other registers."""
