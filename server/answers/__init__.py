"""Answers: what the queries find, put into the shapes that the API, the pages and the commands share."""
