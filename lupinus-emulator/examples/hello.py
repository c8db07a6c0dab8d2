import os
from aiohttp import web
from linebot.v3 import messaging as api
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.webhook import MessageEvent, WebhookParser

parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])
line = api.Configuration(host=os.environ.get("LINE_API_BASE"), access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"])

async def webhook(request):
    try:
        events = parser.parse(await request.text(), request.headers.get("x-line-signature", ""))
    except InvalidSignatureError:
        return web.Response(status=401)
    for event in events:
        if isinstance(event, MessageEvent) and event.message.type == "text":
            answer = api.TextMessage(text=f"「{event.message.text}」ですね。")
            async with api.AsyncApiClient(line) as client:
                await api.AsyncMessagingApi(client).reply_message(api.ReplyMessageRequest(reply_token=event.reply_token, messages=[answer]))
    return web.Response()

app = web.Application()
app.router.add_post("/webhook", webhook)
web.run_app(app, host="127.0.0.1", port=int(os.environ.get("PORT", 8080)), print=None)
