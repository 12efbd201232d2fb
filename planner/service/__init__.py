"""Between the years and the day: which days of the week, by which way, from where; each part is a room of its own."""
