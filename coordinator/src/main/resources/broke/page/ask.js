"use strict";

let asking = null;

/** The texts in the events that are whole; what is left over begins the next ones. */
function textsOf(buffer) {
  const events = buffer.split("\n\n");
  const rest = events.pop();
  let text = "";
  for (const event of events) {
    for (const line of event.split("\n")) {
      if (!line.startsWith("data: ") || line === "data: [DONE]") continue;
      const chunk = JSON.parse(line.slice(6));
      if (chunk.error) throw new Error(chunk.error.message);
      text += chunk.choices?.[0]?.delta?.content || "";
    }
  }
  return { text, rest };
}

/** Who answers and how far to trust it, as the headers say; they may go out before that is known. */
function placeOf(headers) {
  const model = headers.get("x-broke-model");
  if (!model) return "waiting for a place";
  const risk = headers.get("x-broke-quality");
  return `${model} on ${headers.get("x-broke-node")}, risk ${risk} (${headers.get("x-broke-quality-color")})`;
}

async function problemOf(response) {
  try {
    return (await response.json()).error.message;
  } catch (problem) {
    return `the edge answers ${response.status}`;
  }
}

async function ask(prompt, signal) {
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: keyed({ "Content-Type": "application/json" }),
    body: JSON.stringify({ model: "auto", stream: true, messages: [{ role: "user", content: prompt }] }),
    signal,
  });
  if (!response.ok) throw new Error(await problemOf(response));
  byId("how").textContent = placeOf(response.headers);
  byId("answer").hidden = false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const { text, rest } = textsOf(buffer + read.value);
    buffer = rest;
    byId("answer").append(text);
  }
}

byId("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  asking = new AbortController();
  byId("send").disabled = true;
  byId("stop").hidden = false;
  byId("answer").textContent = "";
  byId("how").textContent = "asking …";
  try {
    await ask(byId("prompt").value, asking.signal);
  } catch (problem) {
    byId("how").textContent = problem.name === "AbortError" ? "stopped" : problem.message;
  }
  byId("send").disabled = false;
  byId("stop").hidden = true;
});
byId("stop").addEventListener("click", () => asking.abort());
