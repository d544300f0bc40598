using Landfall.Platform.Access;
using Landfall.Platform.Hosting;
using Landfall.Protocol.Blobs;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Storage;

/// <summary>The endpoints of <c>/api/blobs</c>.</summary>
public static class BlobsApi
{
    /// <summary>The largest file that is taken: 4 GB.</summary>
    public const long LargestUpload = 4L << 30;

    public static IEndpointRouteBuilder MapBlobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/blobs").WithTags("Blobs");
        group.MapMethods("/{sha256}", [HttpMethods.Head], Head).WithName("HasBlob").WithSummary("Whether the server holds the blob.").Requires(Role.Viewer);
        group.MapGet("/{sha256}", Get).WithName("GetBlob").WithSummary("A blob's content.").Produces<Stream>(contentType: "application/octet-stream")
            .Requires(Role.Viewer);
        group.MapPost("/", AddAsync).WithName("AddBlob").WithSummary("Uploads a blob whose sha256 the server computes.")
            .WithMetadata(new DisableRequestSizeLimitAttribute()).Accepts<Stream>("application/octet-stream").Requires(Role.Editor);
        group.MapPut("/{sha256}", PutAsync).WithName("PutBlob").WithSummary("Uploads a blob under its sha256.")
            .WithMetadata(new DisableRequestSizeLimitAttribute()).Accepts<Stream>("application/octet-stream").Requires(Role.Editor);
        return routes;
    }

    private static Results<Ok, NotFound> Head(string sha256, BlobStore blobs) =>
        BlobStore.IsHash(sha256) && blobs.Exists(sha256) ? TypedResults.Ok() : TypedResults.NotFound();

    private static Results<FileStreamHttpResult, ProblemHttpResult> Get(string sha256, BlobStore blobs) =>
        BlobStore.IsHash(sha256) && blobs.Exists(sha256)
            ? TypedResults.Stream(blobs.Open(sha256), "application/octet-stream")
            : ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no blob '{sha256}'.");

    /// <summary>For browsers, which cannot hash a large file without holding it in memory.</summary>
    private static async Task<Results<Ok<UploadedBlob>, ProblemHttpResult>> AddAsync(HttpRequest request, BlobStore blobs, CancellationToken cancellation)
    {
        if (request.ContentLength > LargestUpload)
        {
            return TooLarge();
        }

        try
        {
            var hash = await blobs.AddAsync(request.Body, LargestUpload, cancellation).ConfigureAwait(false);
            return TypedResults.Ok(new UploadedBlob(hash, blobs.Size(hash)));
        }
        catch (UploadTooLargeException)
        {
            return TooLarge();
        }
    }

    private static ProblemHttpResult TooLarge() => ApiProblems.Create(
        StatusCodes.Status413PayloadTooLarge, ErrorCodes.TooLarge, $"The file is larger than the {LargestUpload:N0} bytes that an upload may have. Split it.");

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(string sha256, HttpRequest request, BlobStore blobs, CancellationToken cancellation)
    {
        if (!BlobStore.IsHash(sha256))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"'{sha256}' is not a lower-case hexadecimal sha256.");
        }

        if (request.ContentLength > LargestUpload)
        {
            return TooLarge();
        }

        try
        {
            await blobs.PutAsync(sha256, request.Body, cancellation, LargestUpload).ConfigureAwait(false);
            return TypedResults.NoContent();
        }
        catch (UploadTooLargeException)
        {
            return TooLarge();
        }
    }
}
