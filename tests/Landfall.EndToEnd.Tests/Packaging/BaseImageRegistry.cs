using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Landfall.EndToEnd.Packaging;

/// <summary>
/// A registry on loopback with one small image, as far as pulling it goes (OCI distribution specification, "Pull"): the
/// SDK takes its base image from a registry only, and tests do not need a far one.
/// </summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, (string Type, byte[] Content)> _content = new(StringComparer.Ordinal);
    private readonly Task _serving;
    private readonly string _host;

    public BaseImageRegistry()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _host = $"localhost:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        AddImage();
        _listener.Prefixes.Add($"http://{_host}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The image's full name.</summary>
    public string Image => $"{_host}/dotnet/aspnet:10.0";

    public string Host => _host;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private void AddImage()
    {
        var tar = Layer();
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        var layer = compressed.ToArray();
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { Env = new[] { "PATH=/usr/bin:/bin", "APP_UID=1654" }, WorkingDir = "/", Labels = new Dictionary<string, string>() },
            rootfs = new { type = "layers", diff_ids = new[] { Digest(tar) } },
            history = new[] { new { created = "2026-01-01T00:00:00Z", created_by = "test" } },
        });
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = Digest(config), size = config.Length },
            layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = Digest(layer), size = layer.Length } },
        });
        _content["manifests/10.0"] = (ManifestType, manifest);
        _content["manifests/" + Digest(manifest)] = (ManifestType, manifest);
        _content["blobs/" + Digest(config)] = ("application/octet-stream", config);
        _content["blobs/" + Digest(layer)] = ("application/octet-stream", layer);
    }

    private static byte[] Layer()
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/passwd")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes("app:x:1654:1654::/home/app:/bin/sh\n")),
            });
        }

        return stream.ToArray();
    }

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        var name = path.StartsWith("/v2/dotnet/aspnet/", StringComparison.Ordinal) ? path["/v2/dotnet/aspnet/".Length..] : "";
        using var response = context.Response;
        if (_content.TryGetValue(name, out var found))
        {
            response.ContentType = found.Type;
            response.Headers["Docker-Content-Digest"] = Digest(found.Content);
            response.ContentLength64 = found.Content.Length;
            if (context.Request.HttpMethod != "HEAD")
            {
                await response.OutputStream.WriteAsync(found.Content);
            }
        }
        else
        {
            response.StatusCode = path == "/v2/" ? 200 : 404;
        }
    }
}
