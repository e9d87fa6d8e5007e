"""What a browser or a partner sees: pages, words for them in two languages, and the HTTP doors."""
