// A Bot API server for tests: the npm package telegram-test-api, with what it lacks added in front.
// Usage: node telegram_front.js FOLDER, where FOLDER/node_modules has telegram-test-api.
// Prints its port on one line and ends when its standard input does.
'use strict';
const { createRequire } = require('node:module');
const path = require('node:path');

const need = createRequire(path.join(path.resolve(process.argv[2]), 'front.js'));
const { TelegramServer } = need('telegram-test-api/lib/telegramServer');
// The same express as inside: another version would not see that a body was read already.
const express = createRequire(need.resolve('telegram-test-api/lib/telegramServer'))('express');

const inner = new TelegramServer({});
const files = new Map();
const webhookAnswers = [];
const pressed = [];

// Real callbacks have a chat_instance, and a message may be an edited one.
const plainFormat = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const formatted = plainFormat(update);
  if (formatted.callback_query) formatted.callback_query.chat_instance = '1';
  if (update.message && update.message.edit_date) {
    const message_id = update.message.message_id;
    return { update_id: formatted.update_id, edited_message: { ...formatted.message, message_id } };
  }
  return formatted;
};

// A webhook gets the secret it was registered with; an error answer is noted, not fatal.
const plainAdd = inner.addUserUpdate.bind(inner);
inner.addUserUpdate = async (update) => {
  const webhook = inner.webhooks[update.botToken];
  if (!webhook) return plainAdd(update);
  inner.updateId += 1;
  const answer = await fetch(webhook.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-telegram-bot-api-secret-token': webhook.secret_token || '',
    },
    body: JSON.stringify(TelegramServer.formatUpdate(update)),
  });
  webhookAnswers.push(answer.status);
  return undefined;
};

const waiting = (token, offset) =>
  inner.storage.userMessages.filter((u) => u.botToken === token && u.updateId >= offset);
const ok = (response, result) => response.json({ ok: true, result });

const front = express();
front.put('/test/file/:id', express.raw({ type: '*/*', limit: '20mb' }), (request, response) => {
  files.set(request.params.id, request.body);
  ok(response, true);
});
front.get('/test/state', (_request, response) => {
  ok(response, { webhookAnswers, pressed, unconfirmed: inner.storage.userMessages.length });
});
front.use(express.json(), express.urlencoded({ extended: true }));
front.all('/bot:token/getMe', (_request, response) => {
  ok(response, { id: 42, is_bot: true, first_name: 'Yulu', username: 'yulu_test_bot' });
});
// Long polling, and updates are forgotten only when a higher offset confirms them, as at Telegram.
front.all('/bot:token/getUpdates', async (request, response) => {
  const offset = Number(request.body.offset || 0);
  inner.storage.userMessages = inner.storage.userMessages.filter((u) => u.updateId >= offset);
  const end = Date.now() + 1000 * Math.min(Number(request.body.timeout || 0), 3);
  while (!waiting(request.params.token, offset).length && Date.now() < end) {
    await new Promise((resume) => setTimeout(resume, 20));
  }
  ok(response, waiting(request.params.token, offset).map(TelegramServer.formatUpdate));
});
front.all('/bot:token/answerCallbackQuery', (request, response) => {
  pressed.push(request.body.callback_query_id);
  ok(response, true);
});
front.all('/bot:token/getFile', (request, response) => {
  const id = request.body.file_id;
  if (!files.has(id)) {
    response.status(400).json({ ok: false, error_code: 400, description: 'Bad Request: no file' });
    return;
  }
  ok(response, { file_id: id, file_unique_id: `u${id}`, file_path: id });
});
front.get('/file/bot:token/:id', (request, response) => {
  response.type('application/octet-stream').send(files.get(request.params.id));
});
front.use((request, response, next) => inner.webServer(request, response, next));

const listener = front.listen(0, '127.0.0.1', () => console.log(listener.address().port));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
