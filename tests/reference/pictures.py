"""Pictures of what takes more than one step, for the pages of the actions.

One rule: each is Mermaid, of the shortest way and of what becomes of it if nobody answers.
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
    alt somebody retrieves it
        A->>S: UnPark, sendCallTo 0003*211
        S->>C: rings for 25 s
        C->>S: Answered
        Note over B,C: CONNECTED
    else maxInParking is over
        S->>A: rings for 25 s
        Note over B: still PARKED, for as long again
    end
"""

_TRANSFER = """\
sequenceDiagram
    participant A as 0003*024 (transfers)
    participant S as callstate
    participant B as 0003*210 (is sent)
    participant C as 0003*211
    A->>S: Transfer, sendCallTo 0003*211
    Note over A: ENDED
    Note over B: ANSWERED
    S->>C: rings for 25 s
    alt it answers
        C->>S: Answered
        Note over B,C: CONNECTED
    else it does not
        Note over C: ENDED, NO ANSWER
        Note over B: ENDED, the call is over
    end
"""

PICTURES: Mapping[type[Action], str] = {Park: _PARK, Transfer: _TRANSFER}
