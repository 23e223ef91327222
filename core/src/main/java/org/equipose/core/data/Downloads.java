package org.equipose.core.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Brings files over HTTP, goes on where a transfer broke off, and asks a host that did not answer only once. */
final class Downloads {

    /** Transfers of one file that break off before its address is given up. */
    private static final int ATTEMPTS = 5;

    private final Patience patience;
    private final Progress progress;
    private final HttpClient client;

    /** What went wrong, by host and port. */
    private final Map<String, String> silentHosts = new HashMap<>();

    Downloads(Patience patience, Progress progress) {
        this.patience = patience;
        this.progress = progress;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(patience.connect())
                .build();
    }

    /**
     * Brings what an address shows.
     *
     * @param what the file, as a person would call it
     * @param part where it goes; what is there is taken for its beginning, and what has come stays there after a failure
     * @param most bytes at which something must be wrong
     * @return whether some of it was there before
     */
    boolean fetch(String what, URI uri, Path part, long most) throws IOException {
        String silence = silentHosts.get(uri.getAuthority());
        if (silence != null) {
            throw new IOException(silence);
        }
        boolean resumed = size(part) > 0;
        for (int attempt = 1; ; attempt++) {
            long before = size(part);
            try {
                transfer(what, uri, part, most);
                return resumed;
            } catch (BrokenOff e) {
                if (attempt == ATTEMPTS || size(part) <= before) {
                    throw e;
                }
                resumed = true;
            }
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private void transfer(String what, URI uri, Path part, long most) throws IOException {
        long start = size(part);
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = answer(uri, start);
        if (start > 0 && !continues(response, start)) {
            // Either the server cannot resume (200), or the beginning is not one of this file (416): from the start
            // then.
            if (response.statusCode() != 200) {
                response = answer(uri, 0);
            }
            start = 0;
        }
        boolean whole = start == 0;
        if (response.statusCode() != (whole ? 200 : 206)) {
            throw new IOException("the answer was HTTP " + response.statusCode());
        }
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        long total = length < 0 ? -1 : start + length;
        String source = what + " from " + uri.getHost();
        try (OutputStream out = Files.newOutputStream(
                        part,
                        StandardOpenOption.CREATE,
                        whole ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
                Body body = new Body(response.body())) {
            long done = start;
            progress.at(source, done, total);
            for (List<ByteBuffer> chunk = next(uri, body); chunk != null; chunk = next(uri, body)) {
                for (ByteBuffer buffer : chunk) {
                    byte[] bytes = new byte[buffer.remaining()];
                    buffer.get(bytes);
                    out.write(bytes);
                    done += bytes.length;
                }
                if (done > most) {
                    Files.delete(part);
                    throw new IOException("it sent " + done + " bytes, more than the file can have");
                }
                progress.at(source, done, total);
            }
            if (total >= 0 && done < total) {
                throw new BrokenOff("the transfer broke off after " + done + " of " + total + " bytes", null);
            }
        }
    }

    private List<ByteBuffer> next(URI uri, Body body) throws IOException {
        try {
            return body.next(patience.stall());
        } catch (HttpTimeoutException e) {
            silentHosts.put(uri.getAuthority(), e.getMessage());
            throw e;
        }
    }

    private static boolean continues(HttpResponse<?> response, long start) {
        return response.statusCode() == 206
                && response.headers()
                        .firstValue("Content-Range")
                        .filter(range -> range.startsWith("bytes " + start + "-"))
                        .isPresent();
    }

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer(URI uri, long start) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(patience.stall());
        if (start > 0) {
            request.header("Range", "bytes=" + start + "-");
        }
        BodyHandler<Flow.Publisher<List<ByteBuffer>>> body =
                info -> info.statusCode() == 200 || info.statusCode() == 206
                        ? BodySubscribers.ofPublisher()
                        : BodySubscribers.replacing(null);
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
                client.sendAsync(request.build(), body);
        try {
            // The client's own time-outs do not cover the look-up of the name.
            return answer.get(patience.connect().plus(patience.stall()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw interrupted(e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw silent(uri, "no answer", e);
        } catch (ExecutionException e) {
            throw silent(uri, reason(e.getCause()), e);
        }
    }

    private IOException silent(URI uri, String reason, Exception cause) {
        silentHosts.put(uri.getAuthority(), reason);
        return new IOException(reason, cause);
    }

    /** Says what happened; the client leaves the message of most failures to connect empty. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "the host is not known";
            }
        }
        if (failure instanceof ConnectException) {
            return "the host takes no connection";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for a download");
        interrupted.initCause(cause);
        return interrupted;
    }

    /** A transfer that began and did not end; it can be resumed. */
    private static final class BrokenOff extends IOException {

        private static final long serialVersionUID = 1;

        BrokenOff(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What comes after the headers, one piece at a time, so that each wait has an end. */
    private static final class Body implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

        /** A piece, and when there is no more an empty one or what went wrong. */
        private record Event(List<ByteBuffer> piece, Throwable failure) {}

        private static final Event END = new Event(null, null);

        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        private volatile Flow.Subscription subscription;

        Body(Flow.Publisher<List<ByteBuffer>> publisher) {
            publisher.subscribe(this);
        }

        /** Returns the next piece, or null at the end. */
        List<ByteBuffer> next(Duration stall) throws IOException {
            Event event;
            try {
                event = events.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            if (event == null) {
                throw new HttpTimeoutException("nothing came for " + stall.toSeconds() + " s");
            }
            if (event.failure != null) {
                throw new BrokenOff("the transfer broke off: " + reason(event.failure), event.failure);
            }
            if (event.piece != null) {
                subscription.request(1);
            }
            return event.piece;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> piece) {
            events.add(new Event(piece, null));
        }

        @Override
        public void onError(Throwable failure) {
            events.add(new Event(null, failure));
        }

        @Override
        public void onComplete() {
            events.add(END);
        }

        @Override
        public void close() {
            Flow.Subscription current = subscription;
            if (current != null) {
                current.cancel();
            }
        }
    }
}
