# PolyClaw as one small image: two native programs and no runtime.
#
#   docker build -t polyclaw .
#   docker run -i --rm -v polyclaw:/var/lib/polyclaw -v /var/run/docker.sock:/var/run/docker.sock \
#     --group-add "$(stat -c %g /var/run/docker.sock)" polyclaw
#
# Both base images are arguments, so it can be built where no registry answers (eng/image.sh does). They must have the
# same C library: the program is linked against the one of SDK_IMAGE.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK_IMAGE} AS build
# The linker of native AOT.
RUN command -v gcc >/dev/null || { apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev zlib1g-dev && rm -rf /var/lib/apt/lists/*; }
WORKDIR /source
# What the packages depend on first: a change in the code does not fetch them again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/PolyClaw.Core/PolyClaw.Core.csproj src/PolyClaw.Core/
COPY src/PolyClaw.Containers/PolyClaw.Containers.csproj src/PolyClaw.Containers/
COPY src/PolyClaw.ToolServer/PolyClaw.ToolServer.csproj src/PolyClaw.ToolServer/
COPY src/PolyClaw/PolyClaw.csproj src/PolyClaw/
RUN dotnet restore --use-current-runtime src/PolyClaw.ToolServer && dotnet restore --use-current-runtime src/PolyClaw
COPY .editorconfig BannedSymbols.txt ./
COPY src src
# The app's publish brings ToolServer with it. What must not be in the image fails the build here, not a review of it.
RUN dotnet publish src/PolyClaw --use-current-runtime --no-restore -o /out \
 && test -x /out/polyclaw -a -x /out/toolserver/polyclaw-toolserver \
 && test -z "$(find /out -name '*.pdb' -o -name '*.dbg' -o -name '*.xml')" \
 && mkdir /home/state

FROM ${RUNTIME_IMAGE}
COPY --from=build /out /opt/polyclaw
# State belongs to the user the program runs as; a new volume takes the folder's owner.
COPY --from=build --chown=65532:65532 /home/state /var/lib/polyclaw
# A background instance would be killed with the container's first process, its client's: here both are one, which stays for its runs.
ENV POLYCLAW_HOME=/var/lib/polyclaw POLYCLAW_ONE_PROCESS=1 PATH=/opt/polyclaw:/usr/local/bin:/usr/bin:/bin
VOLUME /var/lib/polyclaw
USER 65532:65532
WORKDIR /var/lib/polyclaw
ENTRYPOINT ["/opt/polyclaw/polyclaw"]
CMD ["serve"]
