"""A day's orders: what a table says each village or point receives and sends, matched to the area's places.

`order_sheets` is run in the child: it finds the columns and hands over those that are known, never one about people.
`order_vocabulary` knows what columns are called, `order_rows` makes figures of the cells, `order_places` finds the village
or site of a row, and `clock_times` reads times of day. `day_orders.read_orders` does all of it.
This file loads nothing: the child imports it.
"""
