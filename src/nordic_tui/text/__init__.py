"""Pure text: what strangers wrote, made safe, comparable, structured and laid out.

`clean` is the gate between a stranger's text and a terminal, `fold` makes titles comparable with
what a person types, `html` reads HTML (its tags: `markup`) into `blocks`, `endings` takes away
what sites add to a text, `layout` sets blocks in lines of a width (`wrapping`).
Nothing here reads a file, a clock or the network, and nothing knows a colour.
"""
