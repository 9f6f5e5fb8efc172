"""OData 4.0: the words of its questions, and the lists that it asks."""
