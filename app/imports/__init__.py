"""Bringing content along from other platforms, and giving it away again.

Words: a *run* – one file on its way in; its *source* – the name of where it comes from, which together with a row's
own id makes running twice harmless; a *look* – the first reading of a file, which writes no content; a *problem* – what
is wrong with one cell, in words; *left out* – a row with such a problem that it cannot come in.
"""
