"""What the program brings along to be shown without a network.

new_initiatives.json   the seven posts of the category "New initiatives" of Nordic Safe
                       Cities (JSON Feed 1.1): the first screen is never empty
posts.json             the posts of the demo (JSON Feed 1.1)
stage.py               the demo's own time, place and posts, and the services over them
following.py           what is followed on the stage
handing_on.py          what the stage hands things on with
screenshots.py         makes the pictures of the README
"""
