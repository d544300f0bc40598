// Asks a local model of a Landfall server through the official client, and prints one JSON object.
// node local.mjs <base url> <model>
import OpenAI from "openai";

const [, , baseURL, model] = process.argv;
const client = new OpenAI({ baseURL, apiKey: "any-token-will-do", maxRetries: 0 });
const ask = more => ({ model, temperature: 0, max_tokens: 24, messages: [{ role: "user", content: "What is a brief?" }], ...more });

const failure = async act => {
  try {
    await act();
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, code: error.code, param: error.param, message: error.message };
  }
};

const streamed = { text: "", finish: null, usage: null };
for await (const chunk of await client.chat.completions.create(ask({ stream: true, stream_options: { include_usage: true } }))) {
  streamed.text += chunk.choices[0]?.delta?.content ?? "";
  streamed.finish ??= chunk.choices[0]?.finish_reason ?? null;
  streamed.usage = chunk.usage ?? streamed.usage;
}

const schema = {
  type: "object",
  properties: { topic: { enum: ["bill", "order", "line"] }, urgent: { type: "boolean" } },
  required: ["topic", "urgent"],
  additionalProperties: false,
};
const tools = [
  { type: "function", function: { name: "file_ticket", description: "Files a ticket", parameters: schema } },
  { type: "function", function: { name: "close_ticket", parameters: { type: "object", properties: { number: { type: "integer", minimum: 0, maximum: 99 } }, required: ["number"], additionalProperties: false } } },
];
const called = await client.chat.completions.create(ask({ max_tokens: 200, tools, tool_choice: { type: "function", function: { name: "file_ticket" } } }));
const call = called.choices[0].message.tool_calls[0];

// The client's own accumulator checks every chunk's shape.
const calledStreamed = await client.chat.completions
  .stream(ask({ max_tokens: 200, tools, tool_choice: { type: "function", function: { name: "file_ticket" } } }))
  .finalChatCompletion();
const answeredTool = await client.chat.completions.create(ask({
  tools,
  tool_choice: "none",
  messages: [{ role: "user", content: "What is a brief?" }, called.choices[0].message, { role: "tool", tool_call_id: call.id, content: "done" }],
}));
const response_format = { type: "json_schema", json_schema: { name: "ticket", strict: true, schema } };
const parsed = await client.chat.completions.parse(ask({ max_tokens: 200, response_format }));
const embedded = await client.embeddings.create({ model, input: ["a brief", "a dataset"] });
const embeddedFloats = await client.embeddings.create({ model, input: ["a brief", "a dataset"], encoding_format: "float" });

console.log(JSON.stringify({
  models: (await client.models.list()).data,
  plain: await client.chat.completions.create(ask({})),
  streamed,
  called,
  calledStreamed,
  answeredTool,
  parsed: parsed.choices[0].message,
  object: await client.chat.completions.create(ask({ max_tokens: 60, temperature: 1, seed: 3, response_format: { type: "json_object" } })),
  probabilities: await client.chat.completions.create(ask({ max_tokens: 3, logprobs: true, top_logprobs: 2, n: 2, seed: 1 })),
  embedded: embedded.data,
  embeddedFloats: embeddedFloats.data,
  embeddingUsage: embedded.usage,
  tooLong: await failure(() => client.chat.completions.create(ask({ messages: [{ role: "user", content: "word ".repeat(4000) }] }))),
  unknownModel: await failure(() => client.embeddings.create({ model: "no-such-model", input: "x" })),
  badSchema: await failure(() => client.chat.completions.create(ask({ response_format: { type: "json_schema", json_schema: { name: "x", schema: { type: "integer", minimum: 2, maximum: 1 } } } }))),
}));
