"""Renders chats as mlx_lm.server of this interpreter would, by that server's own functions.

Reads one JSON object from standard input: the model's folder, and bodies of chat requests. Writes
one to standard output: the template's source, and a text for each chat. A text is one that the
server turns into the very tokens a chat request would be given; where there is none, or anything
else goes wrong, the exit code is not 0.
"""

import json
import os
import sys

answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)  # what libraries print is no answer
asked = json.loads(sys.stdin.buffer.read())

from pathlib import Path  # noqa: E402

from mlx_lm import tokenizer_utils  # noqa: E402
from mlx_lm.server import process_message_content  # noqa: E402

open_tokenizer = getattr(tokenizer_utils, "load", None) or tokenizer_utils.load_tokenizer
tokenizer = open_tokenizer(Path(asked["folder"]))


def tokens_of(result):
    return list(result["input_ids"] if hasattr(result, "keys") else result)


def render(chat):
    messages = chat["messages"]
    process_message_content(messages)
    wishes = dict(chat.get("chat_template_kwargs") or {})
    wishes.update(tools=chat.get("tools"), add_generation_prompt=True)
    text = tokenizer.apply_chat_template(messages, tokenize=False, **wishes)
    tokens = tokens_of(tokenizer.apply_chat_template(messages, tokenize=True, **wishes))
    begin = tokenizer.bos_token
    choices = [text]
    if begin and text.startswith(begin):
        choices.append(text[len(begin):])  # the tokenizer puts it there itself
    for choice in choices:
        if tokens_of(tokenizer.encode(choice)) == tokens:
            return choice
    raise SystemExit("the text of a chat becomes other tokens than the chat")


template = getattr(tokenizer, "chat_template", None)
json.dump(
    {
        "template": template if isinstance(template, str) else "",
        "texts": [render(chat) for chat in asked["chats"]],
    },
    answer,
)
answer.close()
