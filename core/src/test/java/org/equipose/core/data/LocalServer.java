package org.equipose.core.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A web server on this machine that can do what real ones do on bad days. It is written on a bare socket because the JDK's
 * own would not promise more bytes than it sends, and because its module is not one that the tested module reads.
 */
final class LocalServer implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("(?i)range: bytes=(\\d+)-");

    /** Answers one request; {@code from} is where the wanted range begins, 0 without one. */
    interface Answer {
        void to(int from, OutputStream out) throws IOException;
    }

    private final ServerSocket socket;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    LocalServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "local-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Thread thread = new Thread(() -> serve(client), "local-server-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1))) {
            String first = in.readLine();
            if (first == null) {
                return;
            }
            int from = 0;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                Matcher range = RANGE.matcher(line);
                if (range.matches()) {
                    from = Integer.parseInt(range.group(1));
                }
            }
            String path = first.split(" ", 3)[1];
            requests.add(from == 0 ? path : path + " from " + from);
            answers.getOrDefault(path, (start, out) -> head(out, "404 Not Found", "Content-Length: 0"))
                    .to(from, client.getOutputStream());
        } catch (IOException e) {
            // The client hung up, as some tests have it do.
        }
    }

    /** Returns the address of a path. */
    String at(String path) {
        return "http://" + socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort() + path;
    }

    void on(String path, Answer answer) {
        answers.put(path, answer);
    }

    /** Returns the paths asked for so far, with the start of the range if there was one. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Serves content whole, or the end of it that is asked for. */
    static Answer content(byte[] content) {
        return (from, out) -> {
            if (from > content.length) {
                head(out, "416 Range Not Satisfiable", "Content-Length: 0");
                return;
            }
            start(content, from, out);
            out.write(content, from, content.length - from);
        };
    }

    /** Serves content, ranges too, but hangs up when it has come to {@code at}. */
    static Answer breakingOff(byte[] content, int at) {
        return (from, out) -> {
            start(content, from, out);
            out.write(content, from, Math.max(0, at - from));
        };
    }

    private static void start(byte[] content, int from, OutputStream out) throws IOException {
        String length = "Content-Length: " + (content.length - from);
        if (from == 0) {
            head(out, "200 OK", length);
        } else {
            String range = "Content-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length;
            head(out, "206 Partial Content", length, range);
        }
    }

    /** Says nothing, and does not hang up either. */
    static void silence(int from, OutputStream out) throws IOException {
        out.flush();
        try {
            Thread.sleep(300_000);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Sends a status and headers. */
    static void head(OutputStream out, String status, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
