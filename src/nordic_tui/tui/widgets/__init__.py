"""What a screen is made of. Widgets take values and post messages; they ask no service.

All of them draw whole lines (`Strip`) themselves: a line knows its width, so nothing is laid
out again when a row changes, and a cursor move draws two lines and no more.
"""
