"""Receive call events with FastAPI: `uvicorn events_fastapi:app --app-dir docs/examples --port 9000`."""

from urllib.parse import parse_qsl

from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/events/{event}")
@app.post("/events/{event}")
async def receive(event: str, request: Request) -> None:
    """Print the event; a GET has the parameters in its query, a POST in a form."""
    form = (await request.body()).decode()
    call = dict(parse_qsl(form or request.url.query, keep_blank_values=True))
    print(event, call["CallID"], call["CallStatus"], call["CallerIDNum"], "->", call["CalledNumber"])
