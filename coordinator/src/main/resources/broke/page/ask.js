"use strict";

let asking = null;

/**
 * What the events that are whole bring: text, the latest comment, who gave the answer, and whether it
 * is at its end. What is left over begins the next ones.
 */
function newsOf(buffer) {
  const events = buffer.split("\n\n");
  const news = { text: "", rest: events.pop() };
  for (const line of events.flatMap((event) => event.split("\n"))) {
    if (line.startsWith(": ") && line !== ": keep-alive") news.comment = line.slice(2);
    if (line === "data: [DONE]") news.done = true;
    else if (line.startsWith("data: ")) {
      const chunk = JSON.parse(line.slice(6));
      if (chunk.error) throw new Error(chunk.error.message);
      news.text += chunk.choices?.[0]?.delta?.content || "";
      news.broke = chunk.broke || news.broke;
    }
  }
  return news;
}

function whoAnswers(model, node, risk, color) {
  return model ? `${model} on ${node}, risk ${risk} (${color})` : "";
}

/** Who answers and how far to trust it, as the headers say; they may go out before that is known. */
function placeOf(headers) {
  const at = (name) => headers.get(`x-broke-${name}`);
  return whoAnswers(at("model"), at("node"), at("quality"), at("quality-color"));
}

async function problemOf(response) {
  try {
    return (await response.json()).error.message;
  } catch (problem) {
    return `the edge answers ${response.status}`;
  }
}

function troubleOf(problem) {
  if (problem.name === "AbortError") return "stopped";
  return problem instanceof TypeError ? "the edge does not answer, or the connection broke" : problem.message;
}

async function ask(prompt, signal) {
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: keyed({ "Content-Type": "application/json" }),
    body: JSON.stringify({
      model: "auto",
      stream: true,
      stream_options: { include_usage: true },
      broke: { explain: true },
      messages: [{ role: "user", content: prompt }],
    }),
    signal,
  });
  if (!response.ok) throw new Error(await problemOf(response));
  const place = placeOf(response.headers);
  byId("how").textContent = place || "waiting for a place";
  byId("answer").hidden = false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  let done = false;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const news = newsOf(buffer + read.value);
    buffer = news.rest;
    done = done || news.done;
    if (news.comment) byId("how").textContent = place ? `${place}; ${news.comment}` : news.comment;
    byId("answer").append(news.text);
    const gave = news.broke;
    if (gave) byId("how").textContent = whoAnswers(gave.model, gave.node, gave.quality, gave.quality_color);
  }
  if (!done) throw new Error("the answer broke off before its end");
}

/** While it is asked, Stop is there in place of Ask, for the keyboard too. */
function busy(now) {
  const [from, to] = now ? [byId("send"), byId("stop")] : [byId("stop"), byId("send")];
  const focused = document.activeElement === from;
  byId("stop").hidden = false;
  byId("send").disabled = false;
  if (focused) to.focus();
  byId("stop").hidden = !now;
  byId("send").disabled = now;
}

byId("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (byId("send").disabled) return;
  const prompt = byId("prompt").value;
  byId("answer").textContent = "";
  byId("answer").hidden = true;
  byId("how").textContent = prompt.trim() ? "asking …" : "the prompt is empty";
  if (!prompt.trim()) return;
  asking = new AbortController();
  busy(true);
  try {
    await ask(prompt, asking.signal);
  } catch (problem) {
    byId("how").textContent = troubleOf(problem);
  }
  busy(false);
});
byId("prompt").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("ask").requestSubmit();
});
byId("stop").addEventListener("click", () => asking.abort());
