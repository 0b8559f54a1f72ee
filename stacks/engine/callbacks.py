"""Calls back into the program: transforms and hooks are served by the SDK's own callback server on loopback."""

from __future__ import annotations

import asyncio

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc

_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]


class Callbacks:
    """One channel for each callback server of a run."""

    def __init__(self) -> None:
        self._channels: dict[str, grpc.Channel] = {}

    async def call(self, callback: callback_pb2.Callback, request: bytes) -> bytes:
        """Run the callback in the program; what it raised is raised here as RuntimeError with its words."""
        channel = self._channels.get(callback.target)
        if channel is None:
            channel = self._channels[callback.target] = grpc.insecure_channel(callback.target, options=_OPTIONS)
        stub = callback_pb2_grpc.CallbacksStub(channel)
        message = callback_pb2.CallbackInvokeRequest(token=callback.token, request=request)
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        call = stub.Invoke.future(message)  # no thread waits for it: a callback may ask us, and be asked, for as long as it likes
        call.add_done_callback(lambda _: loop.call_soon_threadsafe(ended.set))
        await ended.wait()
        try:
            return bytes(call.result().response)
        except grpc.RpcError as error:
            raise RuntimeError(error.details()) from error

    def close(self) -> None:
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()
