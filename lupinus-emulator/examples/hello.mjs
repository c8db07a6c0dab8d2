import { createServer } from "node:http";
import { messagingApi, middleware } from "@line/bot-sdk";

const { LINE_CHANNEL_SECRET: channelSecret, LINE_CHANNEL_ACCESS_TOKEN: channelAccessToken, LINE_API_BASE: baseURL, PORT = 8080 } = process.env;
const line = new messagingApi.MessagingApiClient({ channelAccessToken, baseURL });
const signed = middleware({ channelSecret });
createServer((request, response) => signed(request, response, (problem) => {
  response.writeHead(problem ? 401 : 200).end();
  for (const { type, message, replyToken } of problem ? [] : request.body.events)
    if (type === "message" && message.type === "text")
      line.replyMessage({ replyToken, messages: [{ type: "text", text: `「${message.text}」ですね。` }] }).catch(console.error);
})).listen(PORT, "127.0.0.1");
