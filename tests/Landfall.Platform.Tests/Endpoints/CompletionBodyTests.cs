using System.Text;
using CsCheck;
using Landfall.Platform.Endpoints.Calls;

namespace Landfall.Platform.Tests.Endpoints;

/// <summary>Answers of endpoints are foreign bytes.</summary>
public sealed class CompletionBodyTests
{
    private const string Plain = """{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"billing"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":1}}}""";

    private const string Streamed = """
        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

        data: {"choices":[{"index":0,"delta":{"content":"bill"},"finish_reason":null}]}

        data: {"choices":[{"index":0,"delta":{"content":"ing"},"finish_reason":null}]}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}

        data: [DONE]


        """;

    [Theory]
    [InlineData(Plain, false)]
    [InlineData(Streamed, true)]
    public void Read_WholeAnswer_HasTextAndUsage(string body, bool isStream)
    {
        var read = CompletionBody.Read(Encoding.UTF8.GetBytes(body), isStream);

        Assert.Equal(("billing", 9L, 2L), (read.Text, read.PromptTokens!.Value, read.CompletionTokens!.Value));
    }

    [Theory]
    [InlineData("", false, "not valid JSON")]
    [InlineData("[]", false, "no choices")]
    [InlineData("""{"error":{"message":"out of tokens"}}""", false, "it is an error: out of tokens")]
    [InlineData("""{"choices":[]}""", false, "no choices")]
    [InlineData("""{"choices":[3]}""", false, "no choices")]
    [InlineData("""{"choices":[{"message":{"content":"\ud800"}}]}""", false, "not valid JSON")]
    [InlineData("", true, "not a stream of events")]
    [InlineData("data: {\"error\":\"overloaded\"}\n\n", true, "ends with an error: overloaded")]
    [InlineData("data: 12\n\n", true, "no object")]
    public void Read_NoCompletion_SaysWhy(string body, bool isStream, string why)
    {
        var error = Assert.Throws<CompletionFormatException>(() => CompletionBody.Read(Encoding.UTF8.GetBytes(body), isStream));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_StreamCutAnywhereBeforeItsEnd_IsCutShortOrWhole()
    {
        var bytes = Encoding.UTF8.GetBytes(Streamed);
        var finished = Streamed.IndexOf("\"stop\"}]}", StringComparison.Ordinal) + "\"stop\"}]}".Length;
        for (var length = 1; length < finished; length++)
        {
            var error = Assert.Throws<CompletionFormatException>(() => CompletionBody.Read(bytes.AsMemory(0, length), isStream: true));
            Assert.True(error.IsCutShort || length < "data: {".Length || !error.Message.Contains("broke", StringComparison.Ordinal), $"{length}: {error.Message}");
        }
    }

    [Fact]
    public void Read_AnyBytes_AreReadOrRefused() => Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 200], Mutated(Plain), Mutated(Streamed)), Gen.Bool).Sample(
        (bytes, isStream) =>
        {
            try
            {
                Assert.NotNull(CompletionBody.Read(bytes, isStream).Text);
            }
            catch (CompletionFormatException error)
            {
                Assert.NotEmpty(error.Message);
            }
        },
        time: 2);

    private static Gen<byte[]> Mutated(string text) => Gen.Select(Gen.Int[0, text.Length - 1], Gen.Byte, Gen.Int[0, text.Length]).Select((at, value, length) =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes[at] = value;
        return bytes[..Math.Min(length, bytes.Length)];
    });
}
