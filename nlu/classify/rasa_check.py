"""Whether a Rasa server is the one we want, asked once at start, in words for the technician."""

import httpx

from nlu.classify.rasa import MODEL, RasaClassifier, WrongModel

PATIENCE = 5.0  # seconds; at start nobody waits for an answer


class UnusableServer(Exception):
    """The server answers but must not be used; the message says why."""


def is_serving(url: str, token: str = "", model: str = MODEL) -> bool:
    """Whether the server answers with our model; False when it does not answer (yet).

    Raises UnusableServer for another model or a wrong token: both would go unnoticed later,
    because the in-process engine would answer in its place.
    """
    try:
        RasaClassifier(url, timeout=PATIENCE, token=token, model=model).check()
    except WrongModel as error:
        raise UnusableServer(
            f"Rasa 用的不是 {model}：{error}。请用 make rasa-run 启动，或者改 nlu.rasa_model。"
        ) from error
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.UNAUTHORIZED:
            raise UnusableServer(
                "Rasa 不认 RASA_TOKEN：两边的环境变量 RASA_TOKEN 要是同一串。"
            ) from error
        return False
    except (httpx.HTTPError, ValueError):
        return False
    return True
