"""Diagrams of the actions that take more than one step, for their pages.

One rule: each is Mermaid and shows the shortest sequence, and what happens if nobody answers.
"""

from collections.abc import Mapping

from callstate import Action, Park, Transfer

_PARK = """\
sequenceDiagram
    participant A as 0003*024 (parks)
    participant S as callstate
    participant B as 0003*210 (waits)
    participant C as 0003*211
    A->>S: Park
    Note over A: ENDED
    Note over B: PARKED
    alt somebody retrieves the party
        A->>S: UnPark, sendCallTo 0003*211
        S->>C: rings for 25 s
        C->>S: Answered
        Note over B,C: CONNECTED
    else maxInParking runs out
        S->>A: rings for 25 s
        Note over B: still PARKED, the time starts again
    end
"""

_TRANSFER = """\
sequenceDiagram
    participant A as 0003*024 (transfers)
    participant S as callstate
    participant B as 0003*210 (is transferred)
    participant C as 0003*211
    A->>S: Transfer, sendCallTo 0003*211
    Note over A: ENDED
    Note over B: ANSWERED
    S->>C: rings for 25 s
    alt 0003*211 answers
        C->>S: Answered
        Note over B,C: CONNECTED
    else nobody answers
        Note over C: ENDED, NO ANSWER
        Note over B: ENDED, the call is over
    end
"""

PICTURES: Mapping[type[Action], str] = {Park: _PARK, Transfer: _TRANSFER}
