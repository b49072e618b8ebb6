"""What the program brings along to be shown without a network.

new_initiatives.json   the seven posts of the category "New initiatives" of Nordic Safe
                       Cities (JSON Feed 1.1): the first screen is never empty
posts.json             the posts of the demo (JSON Feed 1.1)
stage.py               the demo's own time and place, and the services over its posts
whole.py               the whole program on the stage, to be tried
web.py  web.json       the web that answers there in place of the network
memory.py              the person's files, in memory
following.py           what is followed in pictures, and what was read
handing_on.py          what the stage hands things on with
screenshots.py         makes the pictures of the README
"""
