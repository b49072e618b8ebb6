"""What the program brings along to be shown without a network.

new_initiatives.json   the seven posts of the category "New initiatives" of Nordic Safe
                       Cities (JSON Feed 1.1): the first screen is never empty
screenshots.py         makes the pictures of the README
"""
