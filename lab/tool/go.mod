module lab/tool

go 1.25.0
