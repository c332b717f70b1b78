"""Receive call events with Flask: `flask --app docs/examples/events_flask.py run --port 9000`."""

from flask import Flask, request

app = Flask(__name__)


@app.route("/events/<event>", methods=["GET", "POST"])
def receive(event: str) -> str:
    """Print the event; a GET has the parameters in its query, a POST in a form."""
    call = request.values
    print(event, call["CallID"], call["CallStatus"], call["CallerIDNum"], "->", call["CalledNumber"])
    return "OK"
