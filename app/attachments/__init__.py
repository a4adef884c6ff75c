"""Attachments: pictures that belong to a subject, safe by re-encoding.

A picture is uploaded before the subject exists (preview, drafts): until it is attached only its
uploader sees it, and one that is never attached is swept away after a week.
"""
