"""Attachments: pictures and files that belong to a subject.

Words: *picture* – shown, safe by being encoded anew; *file* – offered for download only, checked by its content;
*loose* – uploaded, but belonging to nothing yet; *cover* – the first picture of a subject; *row* – what a form says
about one picture or file.

Both are uploaded before the subject exists (preview, drafts): until they are attached only their uploader sees them,
and what is never attached is swept away after a week.
"""
