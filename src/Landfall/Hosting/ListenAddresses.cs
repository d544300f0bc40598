using System.Net;
using System.Net.Sockets;

namespace Landfall.Hosting;

/// <summary>The addresses that a server is to listen on.</summary>
internal static class ListenAddresses
{
    /// <summary>
    /// Finds out whether they are free before the present owner of the data folder is fenced off: a successor that then
    /// cannot listen would leave nobody to answer.
    /// </summary>
    /// <exception cref="IOException">One is in use.</exception>
    public static void EnsureFree(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = BindingAddress.Parse(url);
            if (address.IsUnixPipe || address.Port == 0)
            {
                continue;
            }

            try
            {
                using var probe = new TcpListener(ToIp(address.Host), address.Port);
                probe.Start();
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new IOException($"{url} is in use. End the program that listens there, or give another address with --urls.", error);
            }
        }
    }

    private static IPAddress ToIp(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? ip : IPAddress.Any;
}
