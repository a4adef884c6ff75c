"""What search engines may read, and where it is: `/robots.txt`, `/sitemap.xml` and its parts.

A *part* names what is public among `SIZE` ids in a row: new content changes the last part only, and no part grows.
"""
