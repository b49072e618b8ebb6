"""Pure text: what strangers wrote, made safe, comparable, structured and laid out.

`clean` is the gate between a stranger's text and a terminal, `fold` makes titles comparable with
what a person types, `html` reads HTML into blocks, `layout` sets blocks in lines of a width.
Nothing here reads a file, a clock or the network, and nothing knows a colour.
"""
