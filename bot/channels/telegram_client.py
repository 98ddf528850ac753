"""The aiogram client of a configuration; only this module imports aiogram at its top."""

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiohttp import ClientSession

from bot.config import TelegramSettings


class ProxiedSession(AiohttpSession):
    """Goes through an HTTP proxy with what aiohttp can do itself."""

    def __init__(self, proxy_url: str, api: TelegramAPIServer) -> None:
        super().__init__(api=api)
        self._proxy_url = proxy_url

    async def create_session(self) -> ClientSession:
        """The one client session of this bot."""
        if self._session is None or self._session.closed:
            connector = self._connector_type(**self._connector_init)
            self._session = ClientSession(connector=connector, proxy=self._proxy_url)
            self._should_reset_connector = False
        return self._session


def open_bot(settings: TelegramSettings) -> Bot:
    """A client for the configured token, server and proxy; nothing is sent yet."""
    api = TelegramAPIServer.from_base(settings.api_base) if settings.api_base else PRODUCTION
    session = ProxiedSession(settings.proxy, api) if settings.proxy else AiohttpSession(api=api)
    return Bot(settings.token.get_secret_value(), session=session)
