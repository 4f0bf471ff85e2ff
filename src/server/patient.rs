//! A connection whose other end must take what it asked for: where nothing can be written for some time, it is given up. What `hyper` refuses by itself leaves as a problem document.

use std::future::Future as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::app::App;
use super::refusal::Refusal;

/// How long nothing may be taken.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that is given up where nothing can be written.
pub(super) struct Patient {
    stream: TcpStream,
    /// Runs while something waits to be taken.
    waiting: Option<Pin<Box<Sleep>>>,
    app: Arc<App>,
    /// What goes out in the place of a bare refusal, and how much of it is out.
    refusal: Option<(Refusal, usize)>,
}

impl Patient {
    pub(super) fn new(stream: TcpStream, app: Arc<App>) -> Self {
        Self { stream, waiting: None, app, refusal: None }
    }

    /// Takes note of a bare refusal; it is the last that is written on a connection.
    fn look_at(&mut self, written: &[u8]) {
        if self.refusal.is_some() {
            return;
        }
        let Some(refusal) = Refusal::of(written) else { return };
        let Refusal { status, request_id, .. } = &refusal;
        self.app.metrics.refused(*status);
        tracing::info!(request_id, method = "other", route = "unknown", status = status.as_u16(), "request");
        self.refusal = Some((refusal, 0));
    }

    /// Writes what goes out in the place of `written` bytes; nothing where they go out themselves.
    fn refuse(&mut self, written: usize, context: &mut Context<'_>) -> Option<Poll<io::Result<usize>>> {
        let (refusal, out) = self.refusal.as_mut()?;
        while *out < refusal.bytes.len() {
            match Pin::new(&mut self.stream).poll_write(context, &refusal.bytes[*out..]) {
                Poll::Ready(Ok(more)) if more > 0 => *out += more,
                Poll::Ready(Ok(_)) => return Some(Poll::Ready(Ok(0))),
                other => return Some(other),
            }
        }
        Some(Poll::Ready(Ok(written)))
    }

    /// What became of a try to write, unless it has been tried for too long.
    fn tried<T>(&mut self, tried: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if tried.is_ready() {
            self.waiting = None;
            return tried;
        }
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(PATIENCE)));
        waiting.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, out)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.look_at(bytes);
        let refused = self.refuse(bytes.len(), context);
        let tried = refused.unwrap_or_else(|| Pin::new(&mut self.stream).poll_write(context, bytes));
        self.tried(tried, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [only] = slices {
            self.look_at(only);
        }
        let refused = self.refuse(slices.iter().map(|slice| slice.len()).sum(), context);
        let tried = refused.unwrap_or_else(|| Pin::new(&mut self.stream).poll_write_vectored(context, slices));
        self.tried(tried, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let tried = Pin::new(&mut self.stream).poll_flush(context);
        self.tried(tried, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
